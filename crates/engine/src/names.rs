//! The names of closed lists in data files and requests.

/// Gives an enum `parse` and `name`: every variant has one name, and the compiler sees to it.
macro_rules! names {
    ($type:ident, $field:literal { $($variant:ident = $name:literal,)+ }) => {
        impl $type {
            /// Reads the name it has in data files.
            ///
            /// # Errors
            #[doc = concat!("Field `", $field, "` for any other text.")]
            pub fn parse(text: &str) -> Result<Self, $crate::error::EngineError> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::error::EngineError::new(
                        $field,
                        $crate::error::Problem::UnknownName,
                    )),
                }
            }

            /// The name it has in data files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

pub(crate) use names;
