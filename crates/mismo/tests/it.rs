//! Reading whole documents: the shared samples, our own fixtures, and what can go wrong.

#[cfg(test)]
mod it {
    mod builder;
    mod carry;
    mod compare;
    mod corpus;
    mod crowded;
    mod dice;
    mod dice_loan;
    mod export;
    mod export_own;
    mod fixtures;
    mod frame;
    mod hostile;
    mod limits_of_belief;
    mod markup;
    mod mutants;
    mod mutations;
    mod mutators;
    mod samples;
    mod transport;
    mod validation;
    mod values;
}
