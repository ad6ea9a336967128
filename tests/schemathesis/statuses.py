"""What was answered in two runs, from their HAR files: with the default limit, 429 is the only addition.

Usage: statuses.py RAISED.har DEFAULT.har. Says how many answers there were of each status; exits 1 if it is not so.
"""

import collections
import json
import sys


def answers(path):
    with open(path, encoding="utf-8") as file:
        return [entry["response"] for entry in json.load(file)["log"]["entries"]]


def headers(answer):
    return {header["name"].lower(): header["value"] for header in answer["headers"]}


def main():
    raised, default = (answers(path) for path in sys.argv[1:3])
    problems = []
    counts = [collections.Counter(answer["status"] for answer in run) for run in (raised, default)]
    for name, count in zip(("raised", "default"), counts):
        print(f"{name}: " + ", ".join(f"{status}: {times}" for status, times in sorted(count.items())))
        problems += [f"{name}: status {status}" for status in count if status >= 500]
    if 429 in counts[0]:
        problems.append("429 although the limit was raised")
    if 429 not in counts[1]:
        problems.append("no 429 with the default limit: it was not reached, so nothing was tried")
    if added := set(counts[1]) - set(counts[0]) - {429}:
        problems.append(f"with the default limit there are besides 429: {sorted(added)}")
    for answer in default:
        said = headers(answer)
        if answer["status"] == 429:
            if not said.get("retry-after", "").isdigit():
                problems.append("a 429 without Retry-After")
            if not said.get("content-type", "").startswith("application/problem+json"):
                problems.append("a 429 that is no problem+json")
    for problem in sorted(set(problems)):
        print(f"statuses: {problem}", file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
