"""How scimcheck speaks to a service provider: transport, credentials, session and recorded exchanges."""
