"""A program that writes to a database until it cannot: `python filling.py FILE`. It prints what stopped it, as JSON.

Afterwards it reads, removes what it wrote, and writes again, as Phoenix goes on once there is room.
"""

import asyncio
import json
import sys
from pathlib import Path

from sqlalchemy import text

from phoenix.core.errors import PhoenixError
from phoenix.store.database import Database

_INSERT = text("INSERT INTO leases (name, holder, epoch, expires_at) VALUES (:name, :holder, 1, '2030-01-01')")


async def main(file: str) -> None:
    """Fill, tell, go on."""
    database = Database.open(f"sqlite+aiosqlite:///{file}")
    told: dict[str, object] = {"written": 0}
    try:
        for number in range(1000):
            async with database.transaction() as session:
                await session.execute(_INSERT, {"name": str(number), "holder": "x" * 10_000})
            told["written"] = number + 1
    except PhoenixError as error:
        told |= {"code": error.code, "message": error.message, "user_action": error.user_action}
    if (filler := Path(file).with_name("filler")).exists():
        async with database.read() as session:
            told["read"] = await session.scalar(text("SELECT count(*) FROM leases"))
        filler.write_bytes(b"")
        async with database.transaction() as session:
            await session.execute(_INSERT, {"name": "after", "holder": "x" * 10_000})
        told["went_on"] = True
    await database.close()
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
