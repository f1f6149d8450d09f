//! Reading whole documents: the shared samples, our own fixtures, and what can go wrong.

#[cfg(test)]
mod it {
    mod builder;
    mod fixtures;
    mod frame;
    mod hostile;
    mod limits_of_belief;
    mod mutations;
    mod samples;
    mod transport;
    mod values;
}
