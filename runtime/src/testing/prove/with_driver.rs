//! Lets the tests of a dialect through where its driver is there, and drops them where it isn't: which drivers there are, `prove!`
//! can't know where it is expanded.

#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_postgres {
    ($item:item) => {
        $item
    };
}

#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_postgres {
    ($item:item) => {};
}

#[cfg(feature = "mysql")]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_mysql {
    ($item:item) => {
        $item
    };
}

#[cfg(not(feature = "mysql"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_mysql {
    ($item:item) => {};
}

#[cfg(feature = "sqlite")]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_sqlite {
    ($item:item) => {
        $item
    };
}

#[cfg(not(feature = "sqlite"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __prove_sqlite {
    ($item:item) => {};
}
