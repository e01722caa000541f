//! Questions on a terminal, for what the flags do not say.

use dialoguer::{Input, Select};
use toml::Value;

use crate::cli::failure::Failure;
use crate::cli::record::fields::{Field, Form};

/// Asks for a key until the answer can be one.
pub(super) fn ask(field: &Field) -> Result<Value, Failure> {
    let prompt = match (&field.form, field.about) {
        (_, "") => field.name.to_owned(),
        (Form::List, about) => format!("{} ({about}, with commas between them)", field.name),
        (_, about) => format!("{} ({about})", field.name),
    };
    let unanswered =
        |error: dialoguer::Error| Failure::new(format!("`--{}` is missing: {error}", field.name));
    if let Form::Word(words) = &field.form {
        let select = Select::new().with_prompt(prompt).items(words).default(0);
        let chosen = select.interact().map_err(unanswered)?;
        let word = words.get(chosen).copied().unwrap_or_default();
        return Ok(Value::from(word));
    }
    let input = Input::<String>::new()
        .with_prompt(prompt)
        .validate_with(|answer: &String| field.form.value(answer).map(drop));
    let answer = input.interact_text().map_err(unanswered)?;
    field.form.value(&answer).map_err(Failure::new)
}
