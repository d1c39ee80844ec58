using IncidentActors.Server.Pages.Agents;
using IncidentActors.Server.Pages.Approvals;
using IncidentActors.Server.Pages.Assets;
using IncidentActors.Server.Pages.Atps;
using IncidentActors.Server.Pages.Documents;
using IncidentActors.Server.Pages.Figures;
using IncidentActors.Server.Pages.Flows;
using IncidentActors.Server.Pages.Halts;
using IncidentActors.Server.Pages.Inbox;
using IncidentActors.Server.Pages.Incidents;
using IncidentActors.Server.Pages.Knowledge;
using IncidentActors.Server.Pages.Now;
using IncidentActors.Server.Pages.Postmortems;
using IncidentActors.Server.Pages.Replays;
using IncidentActors.Server.Pages.Runbooks;
using IncidentActors.Server.Pages.Search;
using IncidentActors.Server.Pages.Setup;
using IncidentActors.Server.Pages.SigningIn;

namespace IncidentActors.Server.Pages;

/// <summary>The war room: pages for people, rendered here and kept live by the event stream. They hold no domain rule; what they change
/// goes through the tools.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapAssets();
        app.MapSigningIn();
        app.MapNow();
        app.MapFlowPages();
        app.MapFigures();
        app.MapKnowledgePages();
        app.MapPostmortem();
        app.MapReplay();
        app.MapInbox();
        app.MapIncidentPages();
        app.MapHalts();
        app.MapAtpPages();
        app.MapAgentPages();
        app.MapApprovalPages();
        app.MapSearch();
        app.MapRunbookPages();
        app.MapSetup();
        app.MapDocuments();
    }
}
