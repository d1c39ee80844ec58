using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Behaviour;

/// <summary>An engine under test, whichever it is, on a clock that the test moves.</summary>
public interface IBench : IAsyncDisposable
{
    IActorDirectory Actors { get; }
    IStore Journal { get; }

    /// <summary>How many nodes confirm a halt.</summary>
    int Nodes { get; }

    Task<Outcome> DeclareAsync(DeclareIncident declare, Call call);

    /// <summary>Moves the clock in steps to every due effect until <paramref name="time"/> has passed and all of them are applied.</summary>
    Task PassAsync(TimeSpan time);
}
