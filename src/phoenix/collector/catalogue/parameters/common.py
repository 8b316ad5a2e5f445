"""Parameters that every template has, and the lists of processes they start from.

The lists are executable names as /proc/PID/status gives them. They are a starting point: what a host really runs is
what `phoenix capture` shows.
"""

from phoenix.collector.catalogue.blocks.destinations import DESTINATIONS
from phoenix.collector.catalogue.parameters.declaration import Parameter, ParameterType

# What people are woken up for: databases, queues, web servers, the container runtime, remote access. The last line is
# the fixed names of the load simulator, so that a simulated host has something critical.
CRITICAL = (
    "postgres, mysqld, mariadbd, mongod, mongos, oracle, sqlservr, clickhouse-.*, cassandra, redis-server, "
    "valkey-server, memcached, etcd, elasticsearch, opensearch, kafka, zookeeper, rabbitmq-server, beam.smp, "
    "nats-server, nginx, apache2, httpd, haproxy, envoy, traefik, caddy, varnishd, java, "
    "kubelet, kube-apiserver, kube-scheduler, kube-controller.*, containerd, dockerd, crio, "
    "sshd, named, coredns, slapd, vault, consul, "
    "loadsim-db, loadsim-web, loadsim-queue"
)

# Runtimes and services that usually are somebody's application or its plumbing.
HIGH = (
    "python[0-9.]*, node, nodejs, ruby[0-9.]*, php[0-9.]*, php-fpm.*, perl, dotnet, gunicorn.*, uwsgi, celery, puma.*, "
    "unicorn.*, deno, bun, pm2.*, "
    "prometheus, grafana.*, alertmanager, node_exporter, otelcol.*, telegraf, fluent-bit, fluentd, vector, filebeat, "
    "loki, tempo, mimir, jaeger.*, kube-proxy, calico-node, cilium-agent, keepalived, chronyd, ntpd, dnsmasq, "
    "postfix, master, dovecot, smbd, nfsd, cron, crond"
)

# What nobody looks at as a metric. The first line is every process without a command line: kernel threads, and
# zombies, which have nothing to measure.
LOW = (
    "process.command=^$, "
    "sh, bash, dash, zsh, fish, ksh, login, agetty, getty, sudo, su, tmux.*, screen, less, more, vi, vim, nano, man, "
    "sleep, cat, tail, head, grep, sed, awk, gawk, mawk, find, xargs, ls, cp, mv, rm, tee, sort, ps, top, htop, watch, "
    "dbus-daemon, dbus-broker.*, polkitd, accounts-daemon, udisksd, upowerd, rtkit-daemon, ModemManager, "
    "packagekitd, snapd, unattended-upgr.*, [(]sd-pam[)], gvfs.*, at-spi.*, tracker-.*, pipewire.*, wireplumber, "
    "pulseaudio, xdg-.*, gnome-.*, gsd-.*, kded[0-9]*, plasma.*, evolution-.*, goa-.*, ibus-.*"
)

INTERVAL = Parameter(
    "interval",
    ParameterType.DURATION,
    "60s",
    "How often processes are scraped.",
    minimum=1,
    maximum=3600,
)
CRITICAL_PROCESSES = Parameter(
    "critical_processes",
    ParameterType.PATTERNS,
    CRITICAL,
    "Processes that are kept whole whatever else happens: names, RE2 expressions, or attribute=expression.",
    minimum=1,
)
DESTINATION = Parameter(
    "destination",
    ParameterType.CHOICE,
    "debug",
    "Where the metrics go; endpoints and keys are read from the collector's environment.",
    choices=tuple(DESTINATIONS),
)
COMMAND_LINE = Parameter(
    "command_line",
    ParameterType.BOOLEAN,
    "false",
    "Scrape process.command_line too, which makes series larger and may hold secrets.",
)
LIMIT_MIB = Parameter(
    "limit_mib",
    ParameterType.INTEGER,
    "512",
    "Memory at which the collector starts to refuse data rather than grow.",
    minimum=64,
    maximum=65536,
)
COMMON = (INTERVAL, CRITICAL_PROCESSES, DESTINATION, COMMAND_LINE, LIMIT_MIB)

HIGH_PROCESSES = Parameter(
    "high_processes", ParameterType.PATTERNS, HIGH, "Processes of high priority; they win over low_processes."
)
LOW_PROCESSES = Parameter("low_processes", ParameterType.PATTERNS, LOW, "Processes of low priority, which are dropped.")
UNMATCHED = Parameter(
    "unmatched",
    ParameterType.CHOICE,
    "high",
    "The priority of processes that no list names; high never drops what nobody called unimportant.",
    choices=("high", "low"),
)
CPU_FRACTION = Parameter(
    "cpu_fraction",
    ParameterType.NUMBER,
    "0.05",
    "CPU above which a process is heavy: the sum of its states in process.cpu.utilization, 1 being the whole host.",
    minimum=0.0001,
    maximum=1,
)
MEMORY_BYTES = Parameter(
    "memory_bytes",
    ParameterType.BYTES,
    "256MiB",
    "Resident memory above which a process is heavy (process.memory.usage).",
    minimum=2**20,
    maximum=2**44,
)
TOP_K = Parameter(
    "top_k",
    ParameterType.INTEGER,
    None,
    "Derive both thresholds from a capture so that about this many processes are heavy in a scrape.",
    minimum=1,
    maximum=10000,
)
TEMPORALITY = Parameter(
    "temporality",
    ParameterType.CHOICE,
    None,
    "What the counters of groups are: cumulative, or delta; unset follows the destination.",
    choices=("delta", "cumulative"),
)
GROUP_BY = Parameter(
    "group_by",
    ParameterType.CHOICE,
    "executable",
    "Fold into one group for each executable name, or into one group for all.",
    choices=("executable", "all"),
)
