//! Edits of the pool of audio files.

use std::mem::replace;
use std::sync::Arc;

use super::draft::Draft;
use super::{Edit, EditError};
use crate::check::{Violation, file_name_holds, media_violation};
use crate::id::MediaId;
use crate::song::Media;

impl Draft {
    pub(super) fn add_media(&mut self, media: Media) -> Result<Edit, EditError> {
        let id = media.id;
        self.refuse_taken(std::iter::once(id.as_u128()))?;
        if let Some(violation) = media_violation(&media) {
            return Err(violation.into());
        }
        self.session.media.insert(id, Arc::new(media));
        self.touched.media.insert(id);
        Ok(Edit::RemoveMedia { media: id })
    }

    pub(super) fn remove_media(&mut self, id: MediaId) -> Result<Edit, EditError> {
        if let Some((_, _, clip)) = self.session.clips().find(|(_, _, clip)| clip.media == id) {
            return Err(EditError::MediaInUse { media: id, clip: clip.id });
        }
        let media = self.session.media.remove(&id).ok_or(EditError::NoMedia(id))?;
        self.touched.media.insert(id);
        Ok(Edit::AddMedia { media: Arc::unwrap_or_clone(media) })
    }

    pub(super) fn relink_media(
        &mut self,
        id: MediaId,
        file: String,
        hash: Option<String>,
    ) -> Result<Edit, EditError> {
        if !file_name_holds(&file) {
            return Err(Violation::FileName(file).into());
        }
        let media = self.media_mut(id)?;
        let (file, hash) = (replace(&mut media.file, file), replace(&mut media.hash, hash));
        self.touched.media.insert(id);
        Ok(Edit::RelinkMedia { media: id, file, hash })
    }

    pub(super) fn set_media_hash(&mut self, id: MediaId, hash: Option<String>) -> Result<Edit, EditError> {
        let hash = replace(&mut self.media_mut(id)?.hash, hash);
        Ok(Edit::SetMediaHash { media: id, hash })
    }

    fn media_mut(&mut self, id: MediaId) -> Result<&mut Media, EditError> {
        self.session.media.get_mut(&id).map(Arc::make_mut).ok_or(EditError::NoMedia(id))
    }
}
