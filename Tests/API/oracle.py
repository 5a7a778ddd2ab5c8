"""email-validator as an oracle, and where we differ from it with a reason."""

import re
import unicodedata
from unittest import mock

import email_validator
import email_validator.syntax
import idna

# Names for special uses are names all the same: who runs the service in a network of their own
# may have users there.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def key(address):
    """What is unique among users, if the oracle takes an address, else None: the local part without
    distinctions of case, `@`, the domain in A-labels. White space around it is no part of it.
    """
    try:
        seen = email_validator.validate_email(
            address.strip(), strict=True, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return unicodedata.normalize("NFC", seen.local_part.casefold()) + "@" + seen.ascii_domain


def u_labels(domain):
    """A domain with the letters that people see, mapped as UTS #46 says but hardly checked."""
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        return ".".join(
            label[4:].encode().decode("punycode") if label.startswith("xn--") else label
            for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError):
        return domain


def with_letters(local, domain):
    """With letters of today in place of those of tomorrow and of private ones."""
    letters = ("a" if unicodedata.category(one) in ("Cn", "Co") else one for one in local)
    return "".join(letters), domain


def with_a_letter_at_the_end(local, domain):
    """With a letter behind a digit at the domain's end."""
    return local, domain + "a" if u_labels(domain)[-1:].isdecimal() else domain


def without_joiners(local, domain):
    """Without the joiners of a domain."""
    return local, re.sub("[\u200c\u200d]", "", domain)


def without_dots(local, domain):
    """Without the middle dots of a domain, and what else stands between certain letters only."""
    return local, re.sub("[\u00b7\u0375\u05f3\u05f4\u30fb]", "", u_labels(domain))


# What we take and the oracle refuses, each with what to take away to have it taken.
WE_TAKE = {
    "letters that this Python does not know yet, or that are private, may be somebody's":
        with_letters,
    "a last label may end in a digit, as long as it is no number (RFC 3696 §2)":
        with_a_letter_at_the_end,
    "joiners stand where IDNA lets them (RFC 5892 A.1, A.2), not nowhere": without_joiners,
    "where a middle dot may stand is for registries to see to (RFC 5891 §5.4)": without_dots,
    "the limit is of the address as it is typed, not of its other forms": None,
}
# What we refuse and the oracle takes, by what is true of the local part and the domain.
WE_REFUSE = {
    "a local part has at most 64 octets, not characters (RFC 5321 §4.5.3.1.1)":
        lambda local, domain: len(unicodedata.normalize("NFC", local).encode()) > 64,
    "Georgian capitals have become letters like others in UTS #46, after libidn2's version of it":
        lambda local, domain: re.search("[\u10a0-\u10cd]", domain),
    "letters that show nothing are refused in a local part":
        lambda local, domain: re.search("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]", local),
}


def reason(address, we_refuse):
    """Why we differ about an address; None if nobody knows."""
    oracle_refuses = key(address) is None
    local, _, domain = address.strip().rpartition("@")
    if oracle_refuses == we_refuse:
        return None
    if we_refuse:
        return next((text for text, holds in WE_REFUSE.items() if holds(local, domain)), None)
    # One after the other, for an address may have several.
    for text, mend in WE_TAKE.items():
        local, domain = mend(local, domain) if mend else (local, domain)
        octets_max = 254 if mend else 2_000
        with mock.patch.object(email_validator.syntax, "EMAIL_MAX_LENGTH", octets_max):
            if key(f"{local}@{domain}") is not None:
                return text
    return None
