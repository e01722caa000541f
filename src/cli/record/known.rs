//! Whether a record stands in the files already, word for word: then it was recorded twice by mistake.

use toml::Table;

use crate::Judged;
use crate::check::evidence;
use crate::write::ledger::text::Event;

/// Says where a record of the same kind stands that is the same in all fields; `None` where there is none.
pub(super) fn objection(judged: &Judged, event: &Event) -> Option<String> {
    let new: Table = event.keys.iter().cloned().collect();
    let entries = evidence::entries(&judged.portal, &judged.assessment);
    judged.portal.records.sources().find_map(|source| {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let file: Table = text.parse().ok()?;
        let records = file.get(&event.table)?.as_array()?;
        let index = records.iter().position(|record| record.as_table() == Some(&new))?;
        let mut of_file = entries
            .iter()
            .filter(|entry| entry.table == event.table && entry.source.path == source.path);
        let (row, _) = source.position(of_file.nth(index)?.span.start);
        Some(format!("it is recorded already, {}:{row}", source.path))
    })
}
