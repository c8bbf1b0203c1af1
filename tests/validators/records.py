"""Records that are accepted, one of each kind: canonical already, and invented (RFC 2606, RFC 5737)."""

ADDRESS = {
    "street_address": "ul. Marszałkowska 12/4",
    "postal_code": "00-950",
    "city": "Warszawa",
    "country_code": "PL",
}
PERSON = {"first_name": "Łucja", "last_name": "Kowalska-Nowak"}
REACHED = {"phone": "+48512345678", "email": "lucja@example.com"}

CANONICAL: dict[str, dict[str, str]] = {
    "individual": {**PERSON, **ADDRESS, **REACHED},
    "business": {"company_name": "Młyn Wodny s.c.", "nip": "5260250274", **PERSON, **ADDRESS, **REACHED},
    "contact": {**PERSON, "email": "lucja@example.com"},
    "visit": {
        "ip_address": "192.0.2.7",
        "browser": "Firefox 128",
        "operating_system": "Windows 11",
        "internet_provider": "Netia S.A.",
    },
    "registration": {"ip_address": "2001:db8::1", "internet_provider": "Netia S.A."},
    "login": {"ip_address": "192.0.2.7"},
}
