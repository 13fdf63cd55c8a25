"""Prints figures of several runs: the median, and the least and the largest in brackets."""
from statistics import median

# figure: (header, decimals)
COLUMNS = {
    "per_second": ("per second", 0),
    "p50_ms": ("p50 ms", 2),
    "p99_ms": ("p99 ms", 2),
    "cpu_us": ("CPU us (user + system)", 2),
    "rss_mb": ("RSS MB", 0),
    "rss_kb_each": ("RSS kB each", 2),
    "pss_kb_each": ("PSS kB each", 2),
    "cpu_us_each_second": ("CPU us each, a second", 2),
    "ready_ms": ("ready ms", 1),
    "auc": ("AUC of the worst pair", 3),
    **{f"{kind}_us": (f"{kind}: median us", 0) for kind in ("wrong", "expired", "absent", "used", "locked")},
}


def spread(values, decimals):
    text = f"{median(values):,.{decimals}f}"
    if len(values) > 1:
        text += f" ({min(values):,.{decimals}f}-{max(values):,.{decimals}f})"
    return text


def cell(runs, column):
    _, decimals = COLUMNS[column]
    text = spread([run[column] for run in runs], decimals)
    if column == "cpu_us":
        user, system = (median([run[part] for run in runs]) for part in ("cpu_user_us", "cpu_system_us"))
        text += f" = {user:.2f} + {system:.2f}"
    return text


def markdown(scenario, results):
    """results: {contender's name: [figures of a run, ...]}"""
    headers = ["server", *(COLUMNS[column][0] for column in scenario.columns)]
    rows = [[name, *(cell(runs, column) for column in scenario.columns)] for name, runs in results.items() if runs]
    widths = [max(len(row[i]) for row in [headers, *rows]) for i in range(len(headers))]
    lines = [f"{scenario.title}; per {scenario.operation}", ""]
    for row in [headers, ["-" * width for width in widths], *rows]:
        lines.append("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |")
    return "\n".join(lines)
