"""Documents of persons that the office or a cabinet keeps: in, out, to whom, until when."""
