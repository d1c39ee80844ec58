using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Agents;

internal static class AgentPages
{
    public static void MapAgentPages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/agents", async request => PageContent.Of<AgentsPage, AgentsModel>("Agents", await AgentsModel.ReadAsync(request)));
        app.MapPage("/agents/{handle}", async request => await AgentModel.ReadAsync(request) is { } model
            ? PageContent.Of<AgentPage, AgentModel>(model.Agent.Id, model)
            : PageContent.Missing("There is no such agent. An agent is known from its first call on."));
    }
}
