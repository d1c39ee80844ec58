using IncidentActors.Core.Access;
using IncidentActors.Server.Pages.SigningIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace IncidentActors.Server.Tokens;

/// <summary>The libraries that check what issuers say.</summary>
internal static class IssuerServices
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>No secret that this server would share with an issuer signs a token.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static AuthenticationBuilder AddIssuers(this AuthenticationBuilder schemes, IssuerSet issuers, string? clientSecret)
    {
        schemes.Services.AddSingleton(issuers);
        schemes.Services.AddSingleton<IssuedTokens>();
        foreach (var issuer in issuers.Issuers)
        {
            schemes.AddJwtBearer(IssuedTokens.SchemeOf(issuer), options =>
            {
                options.Authority = issuer.Url;
                options.RequireHttpsMetadata = issuer.Url.StartsWith("https:", StringComparison.Ordinal);
                options.MapInboundClaims = false;
                options.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = issuer.Url, ValidAudiences = issuer.Audiences, ValidAlgorithms = Algorithms, ClockSkew = ClockSkew,
                };
            });
            if (issuer.ClientId is not null) schemes.AddPageSignIn(issuer, clientSecret);
        }

        return schemes;
    }
}
