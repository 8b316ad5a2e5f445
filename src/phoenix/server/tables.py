"""Every table there is, in one registry: importing this module fills `Base.metadata`.

The drift check compares it with the migrated schema. A feature with tables adds its line here.
"""

from sqlalchemy import MetaData

import phoenix.control.metering.tables  # noqa: F401 - fills the registry
from phoenix.store.base import Base

METADATA: MetaData = Base.metadata
