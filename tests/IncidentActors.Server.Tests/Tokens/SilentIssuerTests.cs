using System.Net;
using IncidentActors.Server.Hosting;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>The identity provider does not answer: who signs in is told so, and what to do.</summary>
[Slow]
public sealed class SilentIssuerTests
{
    [Theory]
    [InlineData("/signin/account")]
    [InlineData("/signout/account")]
    public async Task Signing_in_says_that_the_provider_does_not_answer(string path)
    {
        await using var issued = await IssuedServer.StartAsync(options => options with { IssuerTimeout = TimeSpan.FromSeconds(1) });
        issued.Provider.Silent = true;
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = issued.Server.Address };
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sign in with an access token", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        issued.Provider.Silent = false;
        await Eventually.TrueAsync(
            async () => (await client.GetAsync(new Uri("/signin/account", UriKind.Relative))).StatusCode == HttpStatusCode.Redirect, "it answers again");
    }

    /// <summary>A connection without a token is closed when it is idle; one that waits for its identity provider is not.</summary>
    [Fact]
    public async Task A_request_that_waits_for_the_provider_keeps_its_connection()
    {
        await using var issued = await IssuedServer.StartAsync(options => options with
        {
            IssuerTimeout = ConnectionLimits.StrangerIdle + TimeSpan.FromSeconds(3),
        });
        issued.Provider.Silent = true;
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = issued.Server.Address };
        using var answer = await client.GetAsync(new Uri("/signin/account", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
