using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>Every endpoint, its path written in every way and its headers doubled: no failure, no access without a token, no change by a token
/// that only reads.</summary>
public sealed class PathFuzzTests
{
    private static readonly Func<string, string>[] Spellings =
    [
        path => path,
        path => path + "/",
        path => path + "//",
        path => "/" + path,
        path => path.Replace("/", "//", StringComparison.Ordinal),
        path => path.ToUpperInvariant(),
        path => path.Length < 2 ? path : $"/%{(int)path[1]:x2}{path[2..]}",
        path => "/" + path[1..].Replace("/", "%2f", StringComparison.Ordinal),
        path => path + "%20",
        path => path + ";a=b",
        path => path + "/.",
        path => path + "/x/..",
        path => "/x/.." + path,
        path => path + "?access_token=x&token=x",
    ];

    [Fact]
    public async Task No_spelling_of_a_path_opens_it()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var looker = (await guarded.TokenAsync(new { handle = "@looker", readOnly = true })).Text("secret");
        var source = (await guarded.TokenAsync(new { handle = "@alertmanager" })).Text("secret");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = guarded.Server.Address };
        var end = await guarded.Server.EndAsync();
        var endpoints = guarded.Server.Server.Routes.ToList();
        Assert.True(endpoints.Count > 60);
        foreach (var endpoint in endpoints)
        {
            var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var path = PathOf(endpoint);
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var spelling in Spellings)
                {
                    foreach (var (name, headers) in Credentials(looker, source))
                    {
                        var known = name is "looker" || (name is "source" && path.StartsWith("/webhooks", StringComparison.Ordinal));
                        var what = $"{method} {spelling(path)} as {name}";
                        using var answer = await SendAsync(client, method, spelling(path), headers, what);
                        Assert.True((int)answer.StatusCode < 500, $"{what}: {(int)answer.StatusCode}");
                        Assert.True(open || known || !answer.IsSuccessStatusCode, $"{what}: {(int)answer.StatusCode}");
                    }
                }
            }
        }

        Assert.Equal(end, await guarded.Server.EndAsync());
        Assert.Equal(3, (await guarded.GetAsync("/api/tokens", guarded.Root)).Items().Length);
        Assert.Empty((await guarded.GetAsync("/api/webhooks", guarded.Root)).Items());
    }

    private static IEnumerable<(string Name, (string Name, string Value)[] Headers)> Credentials(string looker, string source)
    {
        yield return ("nobody", []);
        yield return ("looker", [("Authorization", $"Bearer {looker}")]);
        yield return ("looker twice", [("Authorization", $"Bearer {looker}"), ("Authorization", $"Bearer {looker}")]);
        yield return ("source", [("Authorization", $"Bearer {source}")]);
        yield return ("header", [("X-Agent", "@operator"), ("X-Agent", "@operator")]);
        yield return ("cookie", [("Cookie", $"incident-visitor={looker}; __Host-incident-visitor={looker}")]);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, (string Name, string Value)[] headers, string what)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(client.BaseAddress!, "/"));
        request.RequestUri = new Uri(
            client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        foreach (var group in headers.GroupBy(header => header.Name))
            request.Headers.TryAddWithoutValidation(group.Key, group.Select(header => header.Value));
        if (method is "POST") request.Content = new StringContent("{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException error)
        {
            throw new HttpRequestException($"{what}: {error.Message}", error);
        }
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join(
        '/',
        endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "1",
        }))));
}
