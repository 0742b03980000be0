//! Line icons on a grid of 24, drawn for Khuê.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $path:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon { $($name,)+ }
        impl Icon {
            fn path(self) -> &'static str { match self { $(Icon::$name => $path,)+ } }
        }
    };
}

icons! {
    Alert = "M12 3.5 21.5 20h-19zM12 10v4.5M12 17.2v.1";
    Arrow = "M5 12h14M13 6l6 6-6 6";
    Book = "M5 4.5h11.5a2 2 0 0 1 2 2V20H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h11.5M9 8.5h5.5";
    Chart = "M4 20h16M7 20v-7M12 20V6M17 20v-10";
    Check = "M5 12.5l4.5 4.5L19 7.5";
    Chevron = "M9.5 6l6 6-6 6";
    Clock = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2";
    Cross = "M6 6l12 12M18 6 6 18";
    Door = "M14 4H6v16h8M10 12h11M17.5 8.5 21 12l-3.5 3.5";
    Down = "M6 9.5l6 6 6-6";
    Eye = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z";
    EyeOff = "M4 4l16 16M9.5 5.8A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.2 7.4A16.6 16.6 0 0 0 2.5 12S6 18.5 12 18.5c1.4 0 2.7-.4 3.9-.9M10 10.1a2.8 2.8 0 0 0 3.9 3.9";
    File = "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4M10 12h5M10 15.5h5";
    Globe = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z";
    Home = "M4 11.5 12 4.5l8 7M6.5 9.8V19.5h11V9.8M10 19.5v-5h4v5";
    Info = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.6v.1";
    Key = "M8.5 4.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11.4 11.4l8.1 8.1M16.8 16.8l2.4-2.4M14 14l2-2";
    Lock = "M6 10.5h12v9.5H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14v2.5";
    Menu = "M4 7h16M4 12h16M4 17h16";
    Moon = "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z";
    People = "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5 6.5-5s6 1.5 6.5 5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 15c2 .6 3.2 2 3.5 4.5";
    Person = "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.6-4 3.4-5.7 7.5-5.7s6.9 1.7 7.5 5.7";
    Phone = "M7.5 3.5h9v17h-9zM11 17.5h2";
    Plus = "M12 5v14M5 12h14";
    Print = "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z";
    Screen = "M4 5h16v11H4zM9 20h6M12 16v4";
    Search = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5";
    Sun = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4";
    Table = "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9";
    Tree = "M12 4v4M5 16v-2.5h14V16M12 8v5.5M9.5 4h5v4h-5zM3 16h4.5v4H3zM16.5 16H21v4h-4.5zM9.8 16h4.5v4H9.8z";
    Undo = "M8.5 6 4.5 10l4 4M4.5 10H14a5 5 0 0 1 0 10h-3.5";
    Upload = "M12 16V4.5M7.5 8.5 12 4l4.5 4.5M4.5 15.5V20h15v-4.5";
    Back = "M19 12H5M11 6l-6 6 6 6";
    Bell = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4";
    Chat = "M4 5h16v11.5h-9L6.5 20v-3.5H4zM8 9.5h8M8 12.5h5";
    Wifi = "M4 4l16 16M2.5 9.5A14 14 0 0 1 7 6.8M10.5 5.6a14 14 0 0 1 11 3.9M5.8 13a9 9 0 0 1 5-2.4M15 11.3a9 9 0 0 1 3.2 1.7M9 16.3a4.5 4.5 0 0 1 6 0M12 19.7v.1";
}

/// An icon that says nothing to a screen reader: a word stands beside it, or names the button.
pub fn icon(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=icon.path()></path></svg> }
}

/// The round window of the pavilion, with the light of its star.
pub fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 34 34" aria-hidden="true">
            <rect width="34" height="34" rx="8"></rect>
            <circle cx="17" cy="14.5" r="5.4"></circle>
            <path d="M17 5v1.8M17 22.2V29M7.4 14.5h1.8M24.8 14.5h1.8M10.2 7.7l1.3 1.3M23.8 7.7l-1.3 1.3M8 29h18M11 25.6h12"></path>
        </svg>
    }
}
