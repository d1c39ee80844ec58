using IncidentActors.Core.Agents;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Routes;
using IncidentActors.Engine;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Setup;

/// <summary>The configuration that this server has loaded.</summary>
public sealed record SetupModel(EngineOptions Options)
{
    public Roster Roster => Options.Roster;

    public RouteSet Routes => Options.Routes;

    public PermitPolicy Permits => Options.Permits;

    internal static SetupModel Of(PageRequest request) => new(request.Engine.Options);
}
