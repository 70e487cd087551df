"""The bank's feed: four CSV files in, customers, accounts, payments and cases out. The format is `docs/feed.md`."""

from accounts.feed.importer import FeedRefused, ImportUnderWay, import_feed

__all__ = ["FeedRefused", "ImportUnderWay", "import_feed"]
