//! Letters: prepared words filled with what the facts of a complaint tell.

use std::fmt;

use redress_core::event::{Feedback, FeedbackKind};
use redress_core::policy::MissingValue;
use redress_core::{Channel, ComplaintId, Label, Language, letter};
use redress_store::EventStore;

use crate::batch::fold;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::subject::OfComplaint;

/// Words to a customer, made from a template. They may tell who somebody is: `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    template: Label,
    content: String,
}

impl Letter {
    /// The name of the template.
    #[must_use]
    pub const fn template(&self) -> &Label {
        &self.template
    }

    /// The words.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// What to record once it was sent: words of this kind through this channel, with the template they were made from.
    #[must_use]
    pub fn into_feedback(self, kind: FeedbackKind, channel: Channel) -> Feedback {
        Feedback {
            template: Some(self.template),
            ..Feedback::new(kind, channel, self.content)
        }
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// Why there is no letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLetter {
    /// The ledger holds no such complaint.
    #[error("there is no complaint {0}; give the id of one that was received")]
    NotReceived(ComplaintId),
    /// The policy has no such template.
    #[error("the policy has no template `{template}`; {}", choice(.known))]
    UnknownTemplate {
        /// The template that was named.
        template: Label,
        /// Those there are.
        known: Vec<Label>,
    },
    /// The complaint has no value for a place of the template.
    #[error(transparent)]
    MissingValue(#[from] MissingValue),
}

fn choice(templates: &[Label]) -> String {
    if templates.is_empty() {
        return "it has none; write one under [templates]".to_owned();
    }
    let names: Vec<&str> = templates.iter().map(Label::as_str).collect();
    format!("take one of {}", names.join(", "))
}

impl<S: EventStore> Ledger<S> {
    /// The words of a template in a language, filled with what the facts of a complaint tell now.
    ///
    /// Nothing is recorded and nothing is sent: that the customer was told is recorded by giving
    /// [`Letter::into_feedback`] as a command.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger, as of [`Ledger::complaint`]; the inner one, [`NoLetter`], says why
    /// there is no letter: an unknown complaint, an unknown template, the first place without a value.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// use redress::core::{Name, policy::Template};
    /// use redress::event::{Customer, FeedbackKind, Received, ReceivedPersonal};
    /// use redress::{Channel, Language};
    ///
    /// # pollster::block_on(async {
    /// let mut policy = Policy::standard();
    /// let text = Name { zh_cn: "来信 {external_ref} 已收到。".into(), en: "Your letter {external_ref} is here.".into() };
    /// policy.templates.insert("arrived".parse()?, Template { channels: vec![], text });
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// let ledger = Ledger::unsealed(store, archive, policy, SystemEnvironment);
    /// # let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// # let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
    /// # let customer = Customer::anonymous(ledger.new_subject()?);
    /// # let received = Received::new(customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, said);
    /// let received = Received { external_ref: Some("A-17".parse()?), ..received };
    /// let id = ledger.receive(received, &agent).await??.complaint_id;
    ///
    /// let letter = ledger.letter(id, &"arrived".parse()?, Language::Chinese).await??;
    /// assert_eq!(letter.content(), "来信 A-17 已收到。");
    /// let told = letter.into_feedback(FeedbackKind::Acknowledgement, Channel::Post);
    /// ledger.execute(id, told, &agent).await??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn letter(
        &self,
        complaint: ComplaintId,
        template: &Label,
        language: Language,
    ) -> Result<Result<Letter, NoLetter>, LedgerError> {
        let history = self.history(complaint).await?;
        if history.is_empty() {
            return Ok(Err(NoLetter::NotReceived(complaint)));
        }
        let rules = self.rules().await?;
        let now = self.now();
        let policy = rules.in_force_at(now);
        let Some(words) = policy.templates.get(template) else {
            return Ok(Err(NoLetter::UnknownTemplate {
                template: template.clone(),
                known: policy.templates.keys().cloned().collect(),
            }));
        };
        let state = fold::<OfComplaint>(&history)?;
        let values = letter::values(&history, &state, &rules, language, now);
        Ok(words
            .fill(language, &values)
            .map_err(NoLetter::from)
            .map(|content| Letter {
                template: template.clone(),
                content,
            }))
    }
}
