using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

internal sealed partial class InMemoryTables
{
    public IEnumerable<JournalLine> Lines()
    {
        yield return new HeaderLine(HeaderLine.Current);
        foreach (var actor in Actors.Values.OrderBy(actor => actor.Born).Select(actor => actor.Stored))
            yield return new ActorLine(actor.Actor, actor.Version, actor.Index, actor.Document);
        foreach (var one in Events.Where(one => !Archived.Contains(one.Position)))
        {
            yield return new EventLine(
                one.Actor, one.Version, one.Name, one.At, one.By, one.Payload, one.Incident, one.Cause, one.Token, one.Trace);
        }

        foreach (var (answer, at) in Answers.Values.OrderBy(row => row.Answer.Key, StringComparer.Ordinal))
            yield return new AnswerLine(answer.Key, answer.RequestHash, at, answer.Json);
        foreach (var (record, _, _, _, attempts) in Effects.Values.OrderBy(effect => effect.Number))
        {
            yield return new EffectLine(
                record.Id, record.Target, record.Command, record.Due, record.Counted, record.Subject, record.Clock, attempts);
        }

        foreach (var (name, holder) in Claims.OrderBy(claim => claim.Key, StringComparer.Ordinal)) yield return new ClaimLine(name, holder);
        foreach (var stored in Messages.Values)
            yield return new MessageLine(stored.Message, stored.AckedAt, stored.AckedBy, stored.AckNotes);
        foreach (var halt in Halts.Values) yield return new HaltLine(halt);
    }

    public void Add(JournalLine line)
    {
        switch (line)
        {
            case ActorLine actor:
                Actors.Add(
                    actor.Actor,
                    new Actor(Actors.Count, []) { Stored = new StoredActor(actor.Actor, actor.Version, actor.Document, actor.Index) });
                break;
            case EventLine one:
                var position = Events.Count + 1L;
                var stored = new StoredEvent(
                    new FeedCursor(0, position).ToString(), position, one.Actor, one.Version, one.Name, one.At, one.By, one.Payload,
                    one.Incident, one.Cause, one.Token, one.Trace);
                Events.Add(stored);
                Actors[one.Actor].History.Add(stored);
                break;
            case AnswerLine answer:
                Answers.Add(answer.Key, (new StoredAnswer(answer.Key, answer.RequestHash, answer.Json), answer.At));
                break;
            case EffectLine effect:
                var record = new EffectRecord(
                    effect.Id, effect.Target, effect.Command, effect.Due, effect.Counted, effect.Subject, effect.Clock);
                Put(new PendingEffect(record, ++lastEffect, effect.Due, "", effect.Attempts));
                break;
            case ClaimLine claim:
                Claims.Add(claim.Name, claim.Holder);
                break;
            case MessageLine message:
                Messages.Add(
                    message.Message.Id, new StoredMessage(message.Message, message.AckedAt, message.AckedBy, message.AckNotes));
                break;
            case HaltLine halt:
                Halts.Add(halt.Halt.Id, halt.Halt);
                break;
        }
    }
}
