//! What an event of a customer system is refused for before the database is asked.

use lintel_domain::entry::Entry::{Absent, Given, Unreadable};
use lintel_domain::id::Instant;

use super::*;
use crate::event::draft::{EmailDraft, RecipientsDraft};
use crate::event::part::{EmailPart, List};

fn text(text: &str) -> Entry<String> {
    Given(text.to_owned())
}

fn one(work: WorkDraft) -> Entry<Vec<ActionDraft>> {
    Given(vec![ActionDraft {
        about: text("22112183"),
        work: Given(work),
        details: Given(()),
    }])
}

/// What is wrong with a single piece of work, by its part.
fn wrong(work: WorkDraft) -> Option<(Part, Wrong)> {
    let found = actions(one(work)).err()?;
    assert_eq!(found.action, Some(0));
    Some((found.part, found.wrong))
}

fn task_draft() -> TaskDraft {
    TaskDraft {
        target: Given(TaskFor::Person),
        assignee: text("U12345"),
        description: text("Discuss options"),
        ..TaskDraft::default()
    }
}

fn alert_draft() -> AlertDraft {
    AlertDraft {
        target: Given(AlertFor::Loan),
        roles: Given(vec![Some(ToldRole::Of(Role::Processor))]),
        message: text("<b>Look</b>"),
        ..AlertDraft::default()
    }
}

fn email_draft() -> EmailDraft {
    EmailDraft {
        target: Given(()),
        sender_address: text("desk@example.com"),
        recipients: Given(RecipientsDraft {
            to: Given(vec!["lo@example.com".to_owned()]),
            ..RecipientsDraft::default()
        }),
        subject: text("News"),
        body: text("<p>Hi"),
        ..EmailDraft::default()
    }
}

fn sms_draft() -> SmsDraft {
    SmsDraft {
        target: Given(SmsFor::Consumer),
        number: text("(312) 555-0100"),
        body: text("Hi"),
        ..SmsDraft::default()
    }
}

fn sent(email: EmailDraft) -> Option<(Part, Wrong)> {
    wrong(WorkDraft::SendEmail(email))
}

#[test]
fn good_work_is_good() {
    assert_eq!(wrong(WorkDraft::Task(task_draft())), None);
    assert_eq!(wrong(WorkDraft::Alert(alert_draft())), None);
    assert_eq!(sent(email_draft()), None);
    assert_eq!(wrong(WorkDraft::SendSms(sms_draft())), None);
    let archived = EmailDraft {
        sent_at: Given(Instant::from_seconds(1_566_262_068)),
        body: text("<script>alert(1)</script>"),
        ..email_draft()
    };
    assert_eq!(wrong(WorkDraft::ArchiveEmail(archived)), None);
}

#[test]
fn the_event_itself() {
    let missing = |part| Mistake {
        action: None,
        part,
        wrong: Wrong::Missing,
    };
    assert_eq!(event_id(Absent), Err(missing(Part::EventId)));
    assert_eq!(event_id(text(" 2000084422 ")), Ok("2000084422".to_owned()));
    for bad in [text("a\nb"), text(&"x".repeat(201)), Unreadable] {
        assert_eq!(event_id(bad).map_err(|m| m.wrong), Err(Wrong::Malformed));
    }
    for none in [Absent, Given(Vec::new())] {
        assert_eq!(actions(none).err(), Some(missing(Part::Actions)));
    }
    let many = vec![ActionDraft::default(); 101];
    assert_eq!(
        actions(Given(many)).err().map(|m| (m.part, m.wrong)),
        Some((Part::Actions, Wrong::Malformed))
    );
}

#[test]
fn an_action_says_what_it_is_and_what_about() {
    let first = |draft: ActionDraft| {
        let found = actions(Given(vec![draft])).err();
        found.map(|m| (m.part, m.wrong))
    };
    assert_eq!(
        first(ActionDraft::default()),
        Some((Part::Kind, Wrong::Missing))
    );
    let unreadable = ActionDraft {
        work: Unreadable,
        ..ActionDraft::default()
    };
    assert_eq!(first(unreadable), Some((Part::Kind, Wrong::Malformed)));
    let without = |work, details| ActionDraft {
        about: Absent,
        work: Given(work),
        details,
    };
    let subject = Some((Part::Subject, Wrong::Missing));
    assert_eq!(
        first(without(WorkDraft::Task(task_draft()), Given(()))),
        subject
    );
    assert_eq!(
        first(without(WorkDraft::Alert(alert_draft()), Given(()))),
        subject
    );
    assert_eq!(
        first(without(WorkDraft::SendSms(sms_draft()), Given(()))),
        subject
    );
    assert_eq!(
        first(without(WorkDraft::ArchiveEmail(email_draft()), Given(()))),
        subject
    );
    assert_eq!(
        first(without(WorkDraft::SendEmail(email_draft()), Given(()))),
        None
    );
    let personal = AlertDraft {
        target: Given(AlertFor::Person),
        user: text("U12345"),
        ..alert_draft()
    };
    assert_eq!(first(without(WorkDraft::Alert(personal), Given(()))), None);
    let to_staff = SmsDraft {
        target: Given(SmsFor::Person),
        user: text("NV38953"),
        ..sms_draft()
    };
    assert_eq!(
        first(without(WorkDraft::SendSms(to_staff), Given(()))),
        None
    );
    assert_eq!(
        first(without(WorkDraft::SendEmail(EmailDraft::default()), Absent)),
        Some((Part::Details, Wrong::Missing))
    );
}

#[test]
fn who_is_meant_is_said() {
    let nobody = TaskDraft {
        assignee: Absent,
        ..task_draft()
    };
    let part = Part::Task(TaskPart::Assignee);
    assert_eq!(
        wrong(WorkDraft::Task(nobody.clone())),
        Some((part, Wrong::Missing))
    );
    let of_all = TaskDraft {
        target: Given(TaskFor::Organisation),
        ..nobody
    };
    assert_eq!(wrong(WorkDraft::Task(of_all)), None);
    let roles = |roles| AlertDraft {
        roles,
        ..alert_draft()
    };
    let part = Part::Alert(AlertPart::Roles);
    for none in [Absent, Given(Vec::new())] {
        assert_eq!(
            wrong(WorkDraft::Alert(roles(none))),
            Some((part, Wrong::Missing))
        );
    }
    let odd = Given(vec![Some(ToldRole::Everybody), None]);
    assert_eq!(
        wrong(WorkDraft::Alert(roles(odd))),
        Some((Part::Alert(AlertPart::Role(1)), Wrong::Malformed))
    );
    let unsaid = SmsDraft {
        target: Given(SmsFor::Person),
        ..sms_draft()
    };
    let part = Part::Sms(SmsPart::User);
    assert_eq!(
        wrong(WorkDraft::SendSms(unsaid)),
        Some((part, Wrong::Missing))
    );
}

#[test]
fn nothing_brings_a_header_with_it() {
    let bad = "a\r\nBcc: all@example.com";
    let at = Part::Email;
    for (draft, part) in [
        (
            EmailDraft {
                subject: text(bad),
                ..email_draft()
            },
            EmailPart::Subject,
        ),
        (
            EmailDraft {
                sender_name: text(bad),
                ..email_draft()
            },
            EmailPart::SenderName,
        ),
        (
            EmailDraft {
                sender_address: text("a@example.com\nX: y"),
                ..email_draft()
            },
            EmailPart::SenderAddress,
        ),
        (
            EmailDraft {
                crm_id: text(bad),
                ..email_draft()
            },
            EmailPart::CrmId,
        ),
        (
            EmailDraft {
                code: text(bad),
                ..email_draft()
            },
            EmailPart::Code,
        ),
        (
            EmailDraft {
                body: text("a\0b"),
                ..email_draft()
            },
            EmailPart::Body,
        ),
    ] {
        assert_eq!(sent(draft), Some((at(part), Wrong::Malformed)));
    }
    for which in [List::To, List::Cc, List::Bcc, List::ReplyTo] {
        let list = Given(vec!["a@example.com".to_owned(), bad.to_owned()]);
        let mut recipients = RecipientsDraft {
            to: Given(vec!["lo@example.com".to_owned()]),
            ..RecipientsDraft::default()
        };
        match which {
            List::To => recipients.to = list,
            List::Cc => recipients.cc = list,
            List::Bcc => recipients.bcc = list,
            List::ReplyTo => recipients.reply_to = list,
        }
        let draft = EmailDraft {
            recipients: Given(recipients),
            ..email_draft()
        };
        let part = EmailPart::Address(which, 1);
        assert_eq!(sent(draft), Some((at(part), Wrong::Malformed)));
    }
}

#[test]
fn there_is_room_for_fifty() {
    let people = |from: usize, n: usize| -> Entry<Vec<String>> {
        Given(
            (from..from + n)
                .map(|n| format!("p{n}@example.com"))
                .collect(),
        )
    };
    let to = |to, cc, bcc| {
        let recipients = RecipientsDraft {
            to,
            cc,
            bcc,
            ..RecipientsDraft::default()
        };
        sent(EmailDraft {
            recipients: Given(recipients),
            ..email_draft()
        })
    };
    let over = |which| Some((Part::Email(EmailPart::Addresses(which)), Wrong::Malformed));
    assert_eq!(to(people(0, 50), Absent, Absent), None);
    assert_eq!(to(people(0, 51), Absent, Absent), over(List::To));
    assert_eq!(to(people(0, 40), people(40, 11), Absent), over(List::Cc));
    assert_eq!(
        to(people(0, 40), people(40, 10), people(50, 1)),
        over(List::Bcc)
    );
    let none = Some((Part::Email(EmailPart::Addresses(List::To)), Wrong::Missing));
    assert_eq!(to(Absent, people(0, 1), Absent), none);
    assert_eq!(to(Given(Vec::new()), Absent, Absent), none);
}

#[test]
fn everybody_gets_a_mail_once() {
    let list = |texts: &[&str]| Given(texts.iter().map(|t| (*t).to_owned()).collect());
    let draft = EmailDraft {
        recipients: Given(RecipientsDraft {
            to: list(&["a@example.com", "A@Example.com"]),
            cc: list(&["b@example.com", "a@example.com"]),
            bcc: list(&["B@example.com"]),
            ..RecipientsDraft::default()
        }),
        ..email_draft()
    };
    let made = email::to_send(draft).expect("good");
    assert_eq!((made.to.len(), made.cc.len(), made.bcc.len()), (1, 1, 0));
}

#[test]
fn what_does_something_is_not_sent() {
    for body in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<iframe src=\"https://example.com\"></iframe>",
    ] {
        let draft = EmailDraft {
            body: text(body),
            ..email_draft()
        };
        let part = Part::Email(EmailPart::Body);
        assert_eq!(sent(draft), Some((part, Wrong::Malformed)), "{body}");
    }
    let plain = EmailDraft {
        body: Absent,
        subject: Absent,
        ..email_draft()
    };
    assert_eq!(sent(plain), None, "neither is needed");
}
