"""Every table there is, in one registry: importing this module fills `METADATA`.

The drift check compares it with the migrated schema. A feature with tables adds its line here.
"""

from sqlalchemy import MetaData

from phoenix.control.audit import tables as audit
from phoenix.control.claims import tables as claims
from phoenix.control.events import tables as events
from phoenix.control.experiments import tables as experiments
from phoenix.control.fleet import tables as fleet
from phoenix.control.identity import tables as identity
from phoenix.control.metering import tables as metering
from phoenix.control.pipelines import tables as pipelines
from phoenix.store import tables as store
from phoenix.store.base import Base

MODULES = (audit, claims, events, experiments, fleet, identity, metering, pipelines, store)
METADATA: MetaData = Base.metadata
