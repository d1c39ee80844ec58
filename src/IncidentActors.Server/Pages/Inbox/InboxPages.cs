using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Pages.SigningIn;

namespace IncidentActors.Server.Pages.Inbox;

internal static class InboxPages
{
    public static void MapInbox(this IEndpointRouteBuilder app) => app.MapPage("/inbox", async request =>
    {
        if (request.Visitor.Handle is null) return PageContent.SeeOther(SignInEndpoints.PathTo("/inbox"));
        return PageContent.Of<InboxPage, InboxModel>("Inbox", await InboxModel.ReadAsync(request));
    });
}
