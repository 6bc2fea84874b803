//! Policies as files: what is read, what is refused and how it is told, and what is drawn and compared.

//mod comparing;
//mod drawing;
//mod laws;
//mod reading;
//mod refusals;
mod shipped;
