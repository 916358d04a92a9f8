"""Resources in memory: one :class:`TenantStore` a tenant, compact records, indexes, memberships both ways."""

from scimcheck.provider.store.records import Record
from scimcheck.provider.store.tenant import Store, TenantStore

__all__ = ["Record", "Store", "TenantStore"]
