//! The people of the demo. All of them are invented; their addresses cannot be delivered to.

use lintel_domain::role::Role;

/// Branch of the demo lender: the one the samples name.
pub(super) const LENDER_BRANCH: &str = "4IITBI1P";
/// States in which the demo's officers are licensed.
pub(super) const LICENSED: [&str; 4] = ["CA", "NV", "TX", "WA"];

/// Somebody of the demo.
pub(super) struct Member {
    /// Public id, where the samples name one.
    pub id: Option<&'static str>,
    /// The partner's id, where the samples name one.
    pub uid: Option<&'static str>,
    pub first: &'static str,
    pub last: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub roles: &'static [Role],
    /// Registry number, of loan officers.
    pub nmls: Option<&'static str>,
    pub los_id: Option<&'static str>,
    /// Branch that is the person's own.
    pub branch: Option<&'static str>,
}

const fn member(first: &'static str, last: &'static str, email: &'static str) -> Member {
    Member {
        id: None,
        uid: None,
        first,
        last,
        email,
        // 555-01xx numbers are set aside for fiction.
        phone: "3605550100",
        roles: &[Role::Admin],
        nmls: None,
        los_id: None,
        branch: Some(LENDER_BRANCH),
    }
}

const fn officer(of: Member, nmls: &'static str) -> Member {
    Member {
        roles: &[Role::LoanOfficer],
        nmls: Some(nmls),
        ..of
    }
}

/// The lender's people.
pub(super) const LENDER: [Member; 5] = [
    Member {
        id: Some("6ETBTZ4N"),
        los_id: Some("LO-1"),
        phone: "3605550111",
        ..officer(
            member("Olive", "Officer", "olive.officer@example.com"),
            "9900101",
        )
    },
    Member {
        los_id: Some("LO-2"),
        phone: "3605550112",
        ..officer(
            member("Lionel", "Lender", "lionel.lender@example.com"),
            "9900102",
        )
    },
    member("Ada", "Admin", super::ADMIN_EMAIL),
    Member {
        roles: &[Role::Processor],
        phone: "3605550113",
        ..member("Percy", "Processor", "percy.processor@example.com")
    },
    Member {
        roles: &[Role::Underwriter],
        phone: "3605550114",
        ..member("Una", "Underwriter", "una.underwriter@example.com")
    },
];

/// People of the lender whom the samples' customer system knows.
pub(super) const KNOWN_TO_CRM: [Member; 3] = [
    Member {
        uid: Some("U12345"),
        roles: &[Role::Processor],
        phone: "3605550115",
        ..member("Tara", "Tasker", "tara.tasker@example.com")
    },
    Member {
        uid: Some("U45678"),
        roles: &[Role::Processor],
        phone: "3605550116",
        ..member("Rita", "Requester", "rita.requester@example.com")
    },
    Member {
        uid: Some("NV38953"),
        roles: &[Role::Processor],
        phone: "3605550117",
        ..member("Nico", "Notified", "nico.notified@example.com")
    },
];

/// Who is at the first broker before it is set up: the one the samples set it up with, and in whose
/// name they invite borrowers.
pub(super) const FIRST_BROKER: [Member; 1] = [Member {
    uid: Some("Da4W7mNZ"),
    branch: None,
    phone: "3605550118",
    roles: &[Role::Admin, Role::LoanOfficer],
    nmls: Some("9900201"),
    ..member("Adam", "Smith", "adam.smith@example.com")
}];

/// People of the broker the samples switch off.
pub(super) const SECOND_BROKER: [Member; 3] = [
    Member {
        uid: Some("H92dE5b9"),
        branch: None,
        phone: "3605550121",
        ..member("Bella", "Broker", "bella.broker@example.com")
    },
    Member {
        uid: Some("7t9D2MeE"),
        branch: None,
        phone: "3605550122",
        ..officer(
            member("Boris", "Broker", "boris.broker@example.com"),
            "9900202",
        )
    },
    Member {
        uid: Some("5tXx2rEG2"),
        branch: None,
        phone: "3605550123",
        ..officer(
            member("Bruno", "Broker", "bruno.broker@example.com"),
            "9900203",
        )
    },
];

/// The person of the broker the samples sign on to.
pub(super) const THIRD_BROKER: [Member; 1] = [Member {
    id: Some("QZCJNMI2"),
    branch: None,
    phone: "3605550131",
    roles: &[Role::Admin, Role::LoanOfficer],
    nmls: Some("9900301"),
    ..member("Sonia", "Signon", "sonia.signon@example.com")
}];
