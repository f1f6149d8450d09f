//! The use cases' one integration test binary: each test on both databases, with a clock that
//! stands still and random numbers that repeat.

#[cfg(test)]
mod access;
#[cfg(test)]
mod borrowers;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod change;
#[cfg(test)]
mod company;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod create;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod document_faults;
#[cfg(test)]
mod document_seals;
#[cfg(test)]
mod document_sweep;
#[cfg(test)]
mod document_versions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod esign;
#[cfg(test)]
mod hands;
#[cfg(test)]
mod image_budget;
#[cfg(test)]
mod images;
#[cfg(test)]
mod internal;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod lead;
#[cfg(test)]
mod links;
#[cfg(test)]
mod los;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod messages_files;
#[cfg(test)]
mod messages_moved;
#[cfg(test)]
mod messages_outbox;
#[cfg(test)]
mod messages_sending;
#[cfg(test)]
mod messages_settings;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod own_access;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod people;
#[cfg(test)]
mod people_edit;
#[cfg(test)]
mod people_ids;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod quote;
#[cfg(test)]
mod race;
#[cfg(test)]
mod rates;
#[cfg(test)]
mod search;
#[cfg(test)]
mod second_step;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod setup_again;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod signup;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod status;
#[cfg(test)]
mod switched_off;
#[cfg(test)]
mod token;
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod visibility;
#[cfg(test)]
mod workers;
#[cfg(test)]
mod world;
