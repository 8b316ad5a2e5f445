"""Experiments as the API answers them, for tests of what the command line makes of them."""

from typing import Any

STATE: dict[str, Any] = {
    "id": "exp-1",
    "name": "less",
    "phase": "running",
    "attempt": 1,
    "waiting": "two more windows",
    "reason": "",
    "cause": None,
    "windows": {"wanted": 3, "paired": 1, "fewest": 1, "no_data": 1, "waiting": 0},
    "guardrails": [{"name": "critical", "state": "ok", "reason": "all kept", "host": None, "window": None}],
    "hosts": [{"id": "host-1", "name": "web-1", "note": ""}],
    "left_out": {"web-2": "lost, last heard yesterday"},
    "unpaired": [],
    "notes": ["otlp was renamed"],
    "verdict": None,
    "resolution": None,
    "started_at": "2026-11-24T10:00:00Z",
    "deadline": None,
    "ended_at": None,
}
EXPERIMENT = {
    **STATE,
    "namespace": "default",
    "baseline_pipeline": "process-baseline-v1",
    "candidate_pipeline": "process-topk-v1",
    "baseline_version": "pv-1",
    "candidate_version": "pv-2",
    "target_nodes": "",
    "critical_processes": ["postgres"],
    "config_overrides": {},
    "window_seconds": 60.0,
    "warm_up": 1,
    "duration_seconds": None,
    "min_cost_reduction": None,
    "max_data_loss": None,
    "metadata": {},
    "created_at": "2026-11-24T09:59:00Z",
    "created_by": "usr-1",
}
STATUS = {
    **STATE,
    "history": [
        {"at": "2026-11-24T10:00:00Z", "attempt": 1, "source": "pending", "target": "running", "reason": "started"}
    ],
}
ENDED = {
    **STATUS,
    "phase": "completed",
    "verdict": "measured",
    "waiting": "",
    "windows": {**STATE["windows"], "fewest": 3},
}
WINDOW: dict[str, Any] = {
    "host": "host-1",
    "start": 1_795_514_400_000_000_000,
    "no_data": None,
    "evidence": "the watermark passed it",
    "baseline": {"series": 1200, "points": 1200, "bytes": 90_000, "json_bytes": 200_000, "critical_processes": {}},
    "candidate": {"series": 300, "points": 300, "bytes": 20_000, "json_bytes": 50_000, "critical_processes": {}},
    "saving_percent": {"series": 75.0, "points": 75.0, "bytes": 77.7},
    "critical_processes": {"expected": 2, "kept": 2},
}
GAP = {
    "host": "host-1",
    "start": WINDOW["start"] + 60_000_000_000,
    "no_data": {"kind": "restarted", "reason": "the collector started anew"},
    "evidence": None,
    "baseline": None,
    "candidate": None,
    "saving_percent": None,
    "critical_processes": None,
}
PLAN = {
    "hosts": [{"id": "host-1", "name": "web-1", "state": "connected"}],
    "left_out": {},
    "restarts": "The collector of each host restarts twice.",
    "unpaired": [],
    "notes": [],
    "copy": {"host-1": {"points_per_second": 240.0, "bytes_per_second": 18_000.0}},
    "critical_processes": {"postgres": ["postgres"], "redis": None},
    "claimed": [],
}
_ARM = {
    "series": 1200,
    "points": 3600,
    "bytes": 270_000,
    "json_bytes": 600_000,
    "critical_processes": {"postgres": 6},
    "processor_seconds": 0.25,
    "cost": {"newrelic": {"amount": "12.30", "currency": "USD"}, "grafana": None},
}
COMPARISON = {
    "experiment": {"id": "exp-1", "phase": "completed", "windows": 3, "hosts": ["web-1"]},
    "arms": {"baseline": _ARM, "candidate": {**_ARM, "series": 300, "processor_seconds": None}},
    "collector": {"before": None, "during": {"cpu_percent": 1.25, "memory_bytes": 111_000_000, "hosts": {}}},
    "saving_percent": {"series": 75.0, "points": None, "bytes": 60.5, "newrelic": 60.5},
    "loss": {
        "dropped_or_folded": {"series": 900, "points": 2700, "totals": {}},
        "totals": {},
        "corrupted": [
            {"kind": "counter_fell", "metric": "process.cpu.time", "count": 2, "example": "x", "why": "it fell"}
        ],
    },
    "guardrails": [
        {"name": "corruption", "state": "tripped", "reason": "a counter fell", "host": None, "window": None}
    ],
    "verdict": "measured",
    "details": {},
}
