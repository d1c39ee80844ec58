using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Chaos.Checkers;

/// <summary>No turn of a covered agent has a commit position between a halt's raise and its lift.</summary>
internal sealed class HaltDominance
{
    private readonly Dictionary<string, HaltScope> active = [];

    /// <summary>How many events of agents were compared with active halts: a checker that compares nothing proves nothing.</summary>
    public int Halts { get; private set; }

    /// <summary>Events in the order of their positions.</summary>
    public void See(StoredEvent one)
    {
        switch (one.Name)
        {
            case "halt.raised.v1":
                active[one.Actor.Key] = ((HaltRaised)EventTypes.Read(one.Name, one.Payload.Span)).Scope;
                Halts++;
                break;
            case "halt.lifted.v1":
                active.Remove(one.Actor.Key);
                break;
            case "atp.noted.v1":
                foreach (var (halt, scope) in active)
                {
                    Assert.False(
                        scope.Contains(new Subject(one.By, null, one.Actor.Key)),
                        $"{one.By} wrote on {one.Actor} at position {one.Position}, under {halt} which covers {scope}");
                }

                break;
        }
    }
}
