using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Server.Tests.Chaos.Checkers;

/// <summary>Every actor's document is the fold of its events.</summary>
internal static class ViewsAreFolds
{
    public static async Task CheckAsync(IStore journal, IEnumerable<ActorId> actors)
    {
        foreach (var actor in actors)
        {
            IActorState? state = null;
            foreach (var one in await journal.HistoryAsync(actor, 0, int.MaxValue, CancellationToken.None))
                state = States.Evolve(actor, state, new RecordedEvent(EventTypes.Read(one.Name, one.Payload.Span), one.At, one.By));
            var stored = await journal.LoadAsync(actor, CancellationToken.None);
            Assert.Equal(Encoding.UTF8.GetString(States.Write(state!)), Encoding.UTF8.GetString(stored!.Document.Span));
        }
    }
}
