using System.Security.Cryptography;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Assets;

/// <summary>The pages' own style, script and icon: in the assembly, each under an address that changes with its content.</summary>
public static class PageAssets
{
    private static readonly Asset[] All =
    [
        new("pages.css", "text/css; charset=utf-8"),
        new("pages.js", "text/javascript; charset=utf-8"),
        new("icon.svg", "image/svg+xml"),
        new("drawings.css", "text/css; charset=utf-8"),
    ];

    public static string Style => All[0].Address;
    public static byte[] StyleSheet => All[0].Content;
    public static string Script => All[1].Address;
    public static string Icon => All[2].Address;

    /// <summary>Of what is drawn: flows, figures.</summary>
    public static string Drawings => All[3].Address;

    internal static void MapAssets(this IEndpointRouteBuilder app)
    {
        foreach (var asset in All) app.MapGet($"/assets/{asset.Name}", http => WriteAsync(http, asset)).AsPage(open: true);
    }

    private static async Task WriteAsync(HttpContext http, Asset asset)
    {
        PageRendering.Guard(http.Response);
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = new($"\"{asset.Hash}\"");
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Tag == headers.ETag.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = asset.Type;
        http.Response.ContentLength = asset.Content.Length;
        await http.Response.Body.WriteAsync(asset.Content, http.RequestAborted);
    }

    private sealed class Asset(string name, string type)
    {
        private readonly Lazy<byte[]> content = new(() => Read(name));
        private string? hash;

        public string Name => name;
        public string Type => type;
        public byte[] Content => content.Value;
        public string Hash => hash ??= Convert.ToHexStringLower(SHA256.HashData(Content))[..16];
        public string Address => $"/assets/{name}?v={Hash}";

        private static byte[] Read(string name)
        {
            using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"no asset {name}");
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
