"""Microsoft Entra ID as a SCIM client: the requests it sends, in both dialects."""
