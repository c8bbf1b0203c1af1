"""The rules, by the names that a policy calls them. To add one: one file, one line here, its cases in tests/cases."""

from collections.abc import Mapping

from validators.rule import Rule
from validators.rules.city import CITY
from validators.rules.company_name import COMPANY_NAME
from validators.rules.country_code import COUNTRY_CODE
from validators.rules.email import EMAIL
from validators.rules.ip_address import IP_ADDRESS
from validators.rules.nip import NIP
from validators.rules.person_name import PERSON_NAME
from validators.rules.phone import PHONE
from validators.rules.postal_code import POSTAL_CODE
from validators.rules.street_address import STREET_ADDRESS
from validators.rules.text import TEXT
from validators.rules.user_agent import BROWSER, OPERATING_SYSTEM

_ALL = (
    PERSON_NAME,
    COMPANY_NAME,
    NIP,
    STREET_ADDRESS,
    POSTAL_CODE,
    CITY,
    COUNTRY_CODE,
    PHONE,
    EMAIL,
    IP_ADDRESS,
    BROWSER,
    OPERATING_SYSTEM,
    TEXT,
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
