using System.Net;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>The form has a field for what its refusal asks for.</summary>
public sealed class ResolveFormTests
{
    [Fact]
    public async Task An_incident_that_needed_no_fix_is_resolved_by_its_page()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var path = $"/incidents/{(await server.DeclareAsync()).Text("id")}";
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        (string, string)[] filled =
        [
            ("summary", "A false alarm"), ("impact", "Nobody"), ("verified", "error-rate"), ("verified", "metrics"), ("verified", "user-reports"),
            ("verified", "no-new-issues"),
        ];

        var refused = await visitor.SendAsync(path, "resolve", filled);
        Assert.Contains("say in the form why none was needed", refused.Body, StringComparison.Ordinal);
        Assert.Contains("name=\"noFix\"", refused.Body, StringComparison.Ordinal);

        var resolved = await visitor.FollowAsync(path, "resolve", [.. filled, ("noFix", "The probe was wrong")]);
        Assert.Equal(HttpStatusCode.SeeOther, resolved.Status);
        Assert.Contains("The probe was wrong", await visitor.GetAsync(path), StringComparison.Ordinal);
    }
}
