using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Writes messages and their acknowledgements inside the running transaction.</summary>
internal sealed class MessageWriter(Link link)
{
    private readonly Statement add = link["insert into messages (id, recipient, priority, sent_at, document) values (?, ?, ?, ?, ?)"];

    private readonly Statement acknowledge = link[
        "update messages set acked_at = ?, acked_by = ?, ack_notes = ? where id = ? and acked_at is null"];

    public void Write(TurnRecord turn)
    {
        foreach (var message in turn.Messages)
        {
            add.Bind(1, message.Id).Bind(2, message.To).Bind(3, (int)message.Priority).Bind(4, JournalJson.Ticks(message.SentAt))
                .Bind(5, JournalJson.Of(message))
                .Execute();
        }

        foreach (var ack in turn.Acks)
            acknowledge.Bind(1, JournalJson.Ticks(ack.At)).Bind(2, ack.By).Bind(3, ack.Notes).Bind(4, ack.MessageId).Execute();
    }
}
