using IncidentActors.Core.Decisions;
using IncidentActors.Core.Permits;

namespace IncidentActors.Silo.Permits;

/// <summary>One permit as a grain; its key is the permit's id, <c>PRM-…</c>. It runs on the silo that the client is connected to.</summary>
[Alias("incident-actors.permit")]
public interface IPermitGrain : IGrainWithStringKey
{
    /// <summary>Asks for the permit, renews or ends it; a refusal is a <see cref="Rejected"/>.</summary>
    [Alias("do")]
    Task<Outcome> DoAsync(PermitCommand command, Call call);

    /// <summary>The permit as it is now, also when a halt has ended it, or null: never granted.</summary>
    [Alias("get")]
    Task<PermitView?> GetAsync();
}
