//! What a document said and nobody read, kept with its place so that an export can say it again.
//!
//! Not stored: an export reads the sealed source document once more and asks for these. A place is
//! an [`Anchor`], an element the domain knows, and the [`Step`]s below it. Positions are those the
//! element has among siblings of its name once everything that was read has been written first, so
//! a writer that fills in by name and position meets the elements it wrote itself, and makes the
//! others new.

mod gather;

pub(crate) use gather::Gather;

/// An element whose content the domain holds; indexes are those of the application's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The root, when it is a `MESSAGE`.
    Message,
    /// The `DEAL`.
    Deal,
    /// The `LOAN` asked for.
    SubjectLoan,
    /// The `SUBJECT_PROPERTY`.
    SubjectProperty,
    /// The `PARTY` of a borrower.
    Borrower(usize),
    /// The `ROLE` in which it is a borrower.
    BorrowerRole(usize),
    /// A `RESIDENCE`: borrower, residence.
    Residence(usize, usize),
    /// An `EMPLOYER`: borrower, employment.
    Employment(usize, usize),
    /// A `CURRENT_INCOME_ITEM`: borrower, income.
    Income(usize, usize),
    /// A `COUNSELING_EVENT`: borrower, counselling.
    Counseling(usize, usize),
    /// The `ASSET` of an asset that is no real estate.
    Asset(usize),
    /// The `ASSET` around an owned property.
    OwnedProperty(usize),
    /// A `LIABILITY`.
    Liability(usize),
    /// An `EXPENSE`.
    Expense(usize),
    /// A `LOAN` of the same or an earlier transaction.
    RelatedLoan(usize),
    /// A `HOUSING_EXPENSE`, of the loan or of a borrower.
    HousingExpense(usize),
    /// A `PURCHASE_CREDIT`.
    PurchaseCredit(usize),
    /// A `FEE`.
    Fee(usize),
    /// The `PARTY` of the loan officer.
    Originator,
    /// The `ROLE` in which it is one.
    OriginatorRole,
    /// The `PARTY` of the loan officer's company.
    OriginationCompany,
    /// The `ROLE` in which it is one.
    OriginationCompanyRole,
    /// The `PARTY` of another role, unless it belongs to an earlier entry or a borrower.
    OtherParty(usize),
    /// The `ROLE` of another role.
    OtherRole(usize),
}

/// An attribute as it stood; namespace declarations are none.
#[derive(Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its namespace, if any.
    pub namespace: Option<String>,
    /// Its local name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One element of the way from an anchor to a leaf.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// `None` for the standard's own namespace; the empty text for no namespace.
    pub namespace: Option<String>,
    /// Local name.
    pub name: String,
    /// Position among siblings of the same name, from 0; see the module.
    pub nth: usize,
    /// Every attribute of the element, labels and sequence numbers among them.
    pub attributes: Vec<Attribute>,
}

/// An element with data nobody read.
#[derive(Clone, PartialEq, Eq)]
pub struct CarriedLeaf {
    /// The nearest element above that the domain knows.
    pub anchor: Anchor,
    /// The elements below the anchor's, the last one is the leaf; none when only attributes of the
    /// anchor's own element are carried.
    pub steps: Vec<Step>,
    /// Attributes that hold data nobody read, such as a reason why a value is absent; all of them
    /// are among those of the last step too.
    pub attributes: Vec<Attribute>,
    /// The text nobody read. `None` when there is none, or when the text was read and only the
    /// attributes were not: a writer then adds these to the element it wrote.
    pub text: Option<String>,
}

/// A relationship that is not part of the application.
#[derive(Clone, PartialEq, Eq)]
pub struct CarriedArc {
    /// The whole arc role, as written.
    pub arcrole: String,
    /// Where it starts.
    pub from: End,
    /// Where it leads.
    pub to: End,
}

/// An end of a carried arc.
#[derive(Clone, PartialEq, Eq)]
pub enum End {
    /// An element the domain knows.
    Anchor(Anchor),
    /// An element below one.
    Path(Anchor, Vec<Step>),
}

/// Everything carried over, leaves in document order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Elements with data nobody read.
    pub leaves: Vec<CarriedLeaf>,
    /// Relationships that are not part of the application.
    pub arcs: Vec<CarriedArc>,
}

impl Carried {
    /// Whether there is nothing to carry over.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.leaves.is_empty() && self.arcs.is_empty()
    }
}

/// Names, not values: what is carried is the borrowers' and must not reach a log.
impl std::fmt::Debug for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Carried {{ {} leaves, {} arcs }}",
            self.leaves.len(),
            self.arcs.len()
        )
    }
}
