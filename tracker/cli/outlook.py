"""preview, explain."""

from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from tracker.cli.options import Day, json_option, print_json
from tracker.core import clock
from tracker.reminders import outlook


@click.command()
@click.option("--from", "first", type=Day(), required=True)
@click.option("--to", "last", type=Day(), required=True)
@json_option
@with_appcontext
def preview(first: date, last: date, as_json: bool) -> None:
    """Show what would be sent on which day, to whom, if nothing changes till then."""
    if not first <= last or (last - first).days > 366:
        raise click.UsageError("--to must be on or after --from, at most a year later")
    days = outlook.preview(first, last)
    if as_json:
        print_json({"days": days})
        return
    for day in days:
        click.echo(f"{day['on']}  {len(day['letters'])} letters")
        for letter in day["letters"]:
            click.echo(f"  {letter['to']}")
            for about in letter["about"]:
                click.echo(f"    {about['rule']:14} {about['person']}  {about['safe_on']}")


@click.command()
@click.argument("person")
@json_option
@with_appcontext
def explain(person: str, as_json: bool) -> None:
    """Show every obligation and reminder of PERSON (number, name or passport number)."""
    story = outlook.explain(person, today=clock.today())
    if as_json:
        print_json(story)
    else:
        for line in _lines(story):
            click.echo(line)


def _lines(story: dict[str, Any]) -> list[str]:
    lines = [f"{story['person']['name']} (no. {story['person']['id']})"]
    lines += [
        f"HELD until {each['until'] or 'released'} by {each['by']}: {each['why']}"
        for each in story["holds"]
    ]
    for item in story["obligations"]:
        lines.append(f"\n{item['rule']}  {item['title']['en']} / {item['title']['zh']}")
        lines.append(f"  state {item['state']}: {item['reason']}")
        lines.append(
            f"  safe {item['safe_on']}, statutory {item['statutory_on']}"
            + (f", opens {item['opens_on']}" if item["opens_on"] else "")
            + (" (provisional calendar)" if item["provisional"] else "")
        )
        lines.append(f"  because {item['law']} {item['article']}, from {item['fact']}")
        lines += [
            f"  {told['on']} {told['stage']} to {told['to']}: {told['state']}"
            for told in item["reminders"]
        ]
        if item["next"]:
            lines.append(f"  next: {item['next']['stage']} on {item['next']['on']}")
    return lines
