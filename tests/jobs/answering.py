"""Answers about an installation's database, one program a line, until its input ends: `python -m tests.jobs.answering`.

Each line is a JSON string of Python that leaves its value in `answer`; so is each answer, in JSON.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from procurement.jobs import services
    from procurement.jobs.models import Job
    from procurement.ledger.models import Line
    from procurement.people.models import User

    for line in sys.stdin:
        names: dict[str, object] = {"services": services, "Job": Job, "Line": Line, "User": User}
        exec(json.loads(line), names)
        print(json.dumps(names["answer"], default=str), flush=True)


if __name__ == "__main__":
    main()
