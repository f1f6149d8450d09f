//! `docs/permissions.md` is printed from the permission sets. It is rewritten only when
//! `LINTEL_GOLDEN=write` is set; read the difference before committing it.

use std::fmt::Write as _;
use std::path::PathBuf;

use lintel_domain::license::StateCode;
use lintel_domain::permission::Permission;
use lintel_domain::role::{Role, RoleSet};

const HEAD: &str = "# Who may do what

This page is printed by a test from `crates/domain/src/permission.rs` and `crates/domain/src/role.rs`: a change there
that is not here fails it. A person has one role or more; what one of them allows is allowed.
";
const SCOPE: &str = "
Permissions count in the person's own organisation. `Edit brokers` means something for lenders only. Whoever is within a
broker's set-up has none of them until the set-up is done.

Whatever the roles say: nobody switches themselves off, and the last active Admin can neither be switched off nor lose the
role on a page or at the command line. The lender that set a broker up can switch anybody there off through the API.
";
const LICENSES: &str = "
## Licences

A role that needs a licence is only given together with a registry number (NMLS id) and at least one state licence. The
number `n/a` stands for a state where none is needed, and counts as licensed.
";
const ASSIGNMENT: &str = "
## Who is given a new borrower

An active Loan Officer whom the company's rule includes, and, when the borrower came by a branch, that branch's rule; who is
licensed in the state of the property, when it is known. Of these, whoever was given somebody longest ago.
";

fn page() -> String {
    let mut text = HEAD.to_owned();
    let titles = Role::ALL.iter().map(|role| role.title());
    let titles: Vec<&str> = titles.collect();
    let _ = write!(text, "\n| permission | {} |\n", titles.join(" | "));
    let _ = writeln!(text, "|---|{}", ":-:|".repeat(titles.len()));
    for permission in Permission::ALL {
        let marks = Role::ALL.iter().map(|role| mark(role.may(*permission)));
        let marks: Vec<&str> = marks.collect();
        let _ = writeln!(text, "| {} | {} |", permission.title(), marks.join(" | "));
    }
    text.push_str(SCOPE);
    text.push_str(LICENSES);
    text.push_str("\n| role | licence and registry number |\n|---|---|\n");
    for role in Role::ALL {
        let needs = if role.needs_license() {
            "needed"
        } else {
            "not needed"
        };
        let _ = writeln!(text, "| {} | {needs} |", role.title());
    }
    let states: Vec<&str> = StateCode::all().map(StateCode::as_str).collect();
    let _ = writeln!(text, "\nStates: {}.", states.join(" "));
    text.push_str(ASSIGNMENT);
    text
}

const fn mark(may: bool) -> &'static str {
    if may { "yes" } else { "" }
}

#[expect(
    clippy::disallowed_methods,
    reason = "rewriting goldens is asked for by the environment"
)]
fn writes() -> bool {
    std::env::var("LINTEL_GOLDEN").is_ok_and(|value| value == "write")
}

#[test]
fn the_page_is_the_permission_sets() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/permissions.md");
    let page = page();
    if writes() {
        std::fs::write(&file, &page).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(kept, page, "docs/permissions.md is not what the sets say");
}

#[test]
fn every_pair_of_roles_may_what_one_of_them_may() {
    for one in Role::ALL {
        for other in Role::ALL {
            let pair = RoleSet::try_new([*one, *other]).expect("roles");
            for permission in Permission::ALL {
                let may = one.may(*permission) || other.may(*permission);
                assert_eq!(pair.may(*permission), may, "{one} {other} {permission}");
            }
        }
    }
}
