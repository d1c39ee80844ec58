using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Setup;

internal static class SetupPages
{
    public static void MapSetup(this IEndpointRouteBuilder app)
    {
        app.MapPage("/setup", request => Task.FromResult(PageContent.Of<SetupPage, SetupModel>("Setup", SetupModel.Of(request))));
        app.MapPage("/setup/webhooks", async request => PageContent.Of<WebhooksPage, WebhooksModel>("Webhooks", await WebhooksModel.ReadAsync(request)));
        app.MapPage("/setup/tokens", async request => PageContent.Of<TokensPage, TokensModel>("Tokens", await TokensModel.ReadAsync(request)));
        app.MapPage("/activity", async request => PageContent.Of<ActivityPage, ActivityModel>("Activity", await ActivityModel.ReadAsync(request)));
    }

    /// <summary>As the API decides it: the operator and the owner, by a token that is neither read-only nor for one team; without tokens anybody.</summary>
    public static bool Administers(PageRequest request) => request.Visitor.Token is not { } token || token.Administers;
}
