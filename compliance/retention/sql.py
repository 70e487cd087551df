# ruff: noqa: S608 (names and conditions are written in migrations)
"""Migration operations of retention: a class with its bounds, and the one function that may purge it.

The application's role cannot delete evidence. It may run these functions, which belong to the owner
(SECURITY DEFINER), find out for themselves what is due, and write a PurgeRun in the same transaction. A caller chooses
neither the rows nor the line: days come from the class's row, whose bounds are walled, and the clock is the
database's own when the caller's runs ahead.

    purge_…(actor, at, dry, most, whose, request)

`dry` counts what the same condition finds and changes nothing. `most` rows a part go in one call. `whose` narrows it down
to one customer and counts the minimum instead of the days set, for a customer's own request.
"""

from dataclasses import dataclass

from django.db import migrations

ARGUMENTS = "bigint, timestamptz, boolean, integer, uuid, uuid"


@dataclass(frozen=True)
class Part:
    """Rows of `table` (called t) that are due once `since` lies before the line.

    `change` is what an UPDATE sets; empty: the rows are deleted. `still` says which rows have anything left to go.
    `customer` is the SQL of the row's customer, reached over `join`; without one no hold can bind the row.
    `open_case_keeps` leaves rows alone as long as the customer has an open case.
    """

    table: str
    since: str
    still: str = "true"
    change: str = ""
    join: str = ""
    customer: str = ""
    open_case_keeps: bool = False

    def due(self) -> str:
        return f"SELECT t.id FROM {self.table} t {self.join} WHERE {self.still} AND {self._conditions()}"

    def _conditions(self) -> str:
        conditions = [f"{self.since} <= span.cutoff"]
        if not self.customer:
            return " AND ".join([*conditions, "whose IS NULL"])
        conditions += [f"(whose IS NULL OR {self.customer} = whose)", not_held(self.customer)]
        if self.open_case_keeps:
            conditions.append(without_open_case(self.customer))
        return " AND ".join(conditions)

    def act(self) -> str:
        verb = f"UPDATE {self.table} SET {self.change}" if self.change else f"DELETE FROM {self.table}"
        return f"{verb} WHERE id IN ({self.due()} LIMIT most)"


def not_held(customer: str) -> str:
    return (
        f"NOT EXISTS (SELECT FROM compliance_legalhold h WHERE h.customer_id = {customer} AND h.lifted_at IS NULL"
        " AND h.starts_at <= span.instant AND (h.ends_at IS NULL OR h.ends_at > span.instant))"
    )


def without_open_case(customer: str) -> str:
    return f"NOT EXISTS (SELECT FROM accounts_case k WHERE k.customer_id = {customer} AND k.status = 'OPEN')"


def add_class(key: str, *, minimum: int, maximum: int, keep: int) -> migrations.RunSQL:
    """A retention class with its bounds in days, and for how many the bank begins with."""
    return migrations.RunSQL(
        "INSERT INTO compliance_retentionclass (key, minimum_days, maximum_days, keep_days)"
        f" VALUES ('{key}', {minimum}, {maximum}, {keep});",
        f"DELETE FROM compliance_retentionclass WHERE key = '{key}';",
    )


def add_purge(function: str, *, key: str, parts: tuple[Part, ...]) -> migrations.RunSQL:
    """The function that purges the class `key`: its parts one after the other, counted together."""
    steps = "\n".join(_step(part) for part in parts)
    return define_purge(function, key=key, steps=steps)


def define_purge(function: str, *, key: str, steps: str) -> migrations.RunSQL:
    """The same with its steps written by hand: each adds to `gone`, and changes nothing when `dry`."""
    body = f"""
    CREATE OR REPLACE FUNCTION {function}(
        actor bigint, at timestamptz, dry boolean, most integer, whose uuid, request uuid
    ) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        span record;
        part integer := 0;
        gone integer := 0;
        ids uuid[];
    BEGIN
        IF NOT dry THEN
            PERFORM pg_advisory_xact_lock(hashtextextended('retention', 0));
        END IF;
        SELECT * INTO STRICT span FROM retention_span('{key}', at, whose IS NOT NULL);
        {steps}
        IF NOT dry AND gone > 0 THEN
            INSERT INTO compliance_purgerun (retention_class_id, keep_days, cutoff, rows, request_id, at, by_id)
            VALUES (span.class_id, span.days, span.cutoff, gone, request, span.instant, actor);
        END IF;
        RETURN gone;
    END $$;
    REVOKE ALL ON FUNCTION {function}({ARGUMENTS}) FROM PUBLIC;
    """
    return migrations.RunSQL(body, f"DROP FUNCTION {function}({ARGUMENTS});")


def _step(part: Part) -> str:
    return f"""
        IF dry THEN
            SELECT count(*) INTO part FROM ({part.due()}) AS found;
        ELSE
            PERFORM set_config('zoufang.purging', '{part.table}', true);
            {part.act()};
            GET DIAGNOSTICS part = ROW_COUNT;
            PERFORM set_config('zoufang.purging', '', true);
        END IF;
        gone := gone + part;
    """
