using IncidentActors.Core.Atps;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Every message that was sent is there once, open as long as nobody acknowledged it; what a row owed was sent exactly once.</summary>
internal static class MessagesAreFolds
{
    public static IEnumerable<string> Check(World world)
    {
        var settled = new HashSet<(string, string)>();
        foreach (var entry in world.Ledger.Entries)
        {
            foreach (var (actor, _, one) in entry.Events)
            {
                if (one is not MessageSent sent) continue;
                var stored = world.Ledger.Store.MessageAsync(Core.Messages.MessageIds.Of(actor.Key, sent.Number), CancellationToken.None).Result;
                if (stored?.Message is not { } message
                    || (message.To, message.From, message.Body, message.SentAt) != (sent.To, sent.From, sent.Body, entry.Turn.At))
                    yield return $"message {sent.Number} of {actor} is stored as {stored?.Message}";
                if (sent.Settles is { } owed && !settled.Add((actor.Key, owed))) yield return $"{actor} sent {owed} twice";
            }
        }

        foreach (var atp in world.Ledger.States.Values.OfType<AtpState>())
        {
            for (var number = 1; number <= atp.MessageCount; number++)
            {
                var stored = world.Ledger.Store.MessageAsync(atp.MessageId(number), CancellationToken.None).Result!;
                if (stored.AckedAt is null != atp.OpenMessages.ContainsKey(number)) yield return $"{atp.MessageId(number)} is acknowledged in one place only";
            }

            if (!atp.Owed.IsEmpty) yield return $"{atp.Id} still owes {string.Join(", ", atp.Owed.Select(owed => owed.Subject))}";
        }
    }
}
