using System.Security.Cryptography;
using System.Text;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>Whether a form was sent by a page of this server: as the browser says, and by the visitor's form token.</summary>
internal static class SameOrigin
{
    /// <summary>Browsers say where a form comes from; whoever says nothing is no browser, and has to know the form token all the same.</summary>
    public static bool Is(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none";
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && from.Authority == new Uri($"{from.Scheme}://{request.Host}").Authority;
    }

    public static bool Matches(string given, string expected) =>
        expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    /// <summary>A path of this server, and of no other.</summary>
    public static bool IsLocal(string path) =>
        path.Length > 0
            && path[0] == '/'
            && (path.Length == 1 || path[1] is not ('/' or '\\'))
            && !path.Any(char.IsControl)
            && Uri.IsWellFormedUriString(path, UriKind.Relative);
}
