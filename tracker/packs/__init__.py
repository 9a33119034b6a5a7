"""What is handed in for a case: its papers in order, the employer's letter, the portal's fields."""
