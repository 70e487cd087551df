"""The database keeps the chains itself: whoever inserts, an entry follows the head of its chain and hashes to its hash.

`compliance_audit_head` locks a chain until the end of the transaction and only then looks at its last entry, in a
snapshot of its own. Tables are named with their schema: a temporary table of the same name must not stand in.
Sorting is switched off for its one query so that no plan made while the table was small reads a whole chain later.
"""

from django.db import migrations

from config.ledger import forbid_changes

HEAD = """
CREATE FUNCTION compliance_audit_head(wanted text, OUT seq bigint, OUT hash text)
LANGUAGE plpgsql VOLATILE SET enable_sort = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit chain ' || wanted, 0));
    SELECT entry.seq, entry.hash INTO seq, hash FROM public.compliance_auditentry entry
        WHERE entry.chain = wanted ORDER BY entry.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        seq := 0;
        hash := repeat('0', 64);
    END IF;
END $$;
"""

LINK = """
CREATE FUNCTION compliance_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    said jsonb;
BEGIN
    SELECT * INTO head FROM public.compliance_audit_head(NEW.chain);
    IF (NEW.seq, NEW.prev) IS DISTINCT FROM (head.seq + 1, head.hash) THEN
        RAISE EXCEPTION 'audit entry refused: % stands at %, the next entry is % after hash %',
            NEW.chain, head.seq, head.seq + 1, head.hash
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_entry_follows_the_head';
    END IF;
    IF NEW.hash IS DISTINCT FROM encode(sha256(convert_to(NEW.prev || NEW.body, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'audit entry refused: the hash of % % is not that of its content', NEW.chain, NEW.seq
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_entry_hashes_to_its_hash';
    END IF;
    said := NEW.body::jsonb;
    IF (said ->> 'chain', said ->> 'kind', said ->> 'subject', said ->> 'subject_digest',
        (said ->> 'seq')::bigint, (said ->> 'by')::bigint, (said ->> 'at')::timestamptz)
        IS DISTINCT FROM
        (NEW.chain::text, NEW.kind::text, NEW.subject::text, NEW.subject_digest::text, NEW.seq, NEW.by_id::bigint,
        NEW.at) THEN
        RAISE EXCEPTION 'audit entry refused: the columns of % % are not what its content says', NEW.chain, NEW.seq
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_entry_says_its_columns';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_audit_link BEFORE INSERT ON compliance_auditentry
FOR EACH ROW EXECUTE FUNCTION compliance_audit_link();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_auditentry")]

    operations = [
        migrations.RunSQL(HEAD, "DROP FUNCTION compliance_audit_head(text);"),
        migrations.RunSQL(
            LINK,
            "DROP TRIGGER compliance_audit_link ON compliance_auditentry; DROP FUNCTION compliance_audit_link();",
        ),
        forbid_changes("compliance_auditentry"),
    ]
