using System.Net;
using System.Text.RegularExpressions;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Somebody who signs in to the pages with an account, as a browser does it.</summary>
internal sealed partial class PersonAtABrowser(Uri server) : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

    public Task<string> TextAsync(string path) => client.GetStringAsync(new Uri(server, path));

    /// <summary>Where an answer sends the browser.</summary>
    public async Task<Uri> LocationAsync(Uri address, HttpStatusCode status = HttpStatusCode.Redirect)
    {
        using var answer = await client.GetAsync(address);
        Assert.Equal(status, answer.StatusCode);
        return new Uri(address, answer.Headers.Location?.OriginalString ?? Refresh(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Signs in beginning at a path of the server; gives what the provider was asked, and the path where it ends.</summary>
    public async Task<(Uri Asked, string Path)> SignInAsync(string path)
    {
        var asked = await LocationAsync(new Uri(server, path));
        return (asked, Refresh(await TextAsync((await LocationAsync(asked)).PathAndQuery)));
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("Origin", server.GetLeftPart(UriPartial.Authority));
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static string Refresh(string page) => WebUtility.HtmlDecode(RefreshUrl().Match(page).Groups[1].Value).Split('?')[0];

    public void Dispose() => client.Dispose();

    [GeneratedRegex("content=\"0;url=([^\"]*)\"")]
    private static partial Regex RefreshUrl();
}
